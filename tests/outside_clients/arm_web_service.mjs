// Microsoft's own clients, unmodified: @azure/identity asks the studio for a token, @azure/arm-webservices updates a web
// service by its own polling. Told by environment variables where to go; prints what it saw as one line of JSON.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_PACKAGES}/`);
const { AzureMLWebServicesManagementClient } = require("@azure/arm-webservices");
const { ClientSecretCredential } = require("@azure/identity");

const { STUDIO_URL, TENANT, CLIENT_ID, CLIENT_SECRET, SUBSCRIPTION, GROUP, WEB_SERVICE, MODEL_URI } = process.env;

const credential = new ClientSecretCredential(TENANT, CLIENT_ID, CLIENT_SECRET, {
  authorityHost: STUDIO_URL,
  disableInstanceDiscovery: true,
});
const client = new AzureMLWebServicesManagementClient(credential, SUBSCRIPTION, {
  endpoint: STUDIO_URL,
  $host: STUDIO_URL,
});

async function update() {
  const before = await client.webServices.get(GROUP, WEB_SERVICE);
  const { packageType, assets } = before.properties;
  const [key, asset] = Object.entries(assets).find(([, each]) => each.type === "Resource");
  const changed = { ...assets, [key]: { ...asset, locationInfo: { uri: MODEL_URI } } };
  const patch = { location: before.location, properties: { packageType, assets: changed } };
  const answered = await client.webServices.beginPatchAndWait(GROUP, WEB_SERVICE, patch, { updateIntervalInMs: 20 });
  const after = await client.webServices.get(GROUP, WEB_SERVICE);
  const keys = await client.webServices.listKeys(GROUP, WEB_SERVICE);
  return { before, answered, after, keys };
}

try {
  console.log(JSON.stringify(await update()));
} catch (error) {
  console.log(JSON.stringify({ error: { name: error.name, code: error.code, status: error.statusCode, message: error.message } }));
}
