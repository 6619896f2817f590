// Relearner in the cloud: one resource group, everything in it. Plain resources, one module a concern; what needs the
// deployed code (event subscriptions) is in events.bicep.
targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment; in every resource name by its hash.')
param environmentName string

@minLength(1)
@description('Region of everything.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Who deploys: may upload examples and read the training account. Empty: nobody is granted anything.')
param deployerPrincipalId string = ''

@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string = 'User'

@allowed(['connectionString', 'identity'])
@description('How the app, and through the linked service Azure ML Studio (classic), opens the training account. connectionString, as in the shipped adf/linkedService/StorageLinkedService.json: the account keeps its keys, one of them in the vault. identity: no keys; the linked service then has serviceEndpoint, and links to models live seven days at most.')
param trainingStorageAccess string = 'connectionString'

@description('Public addresses (IPv4 or CIDR) that may reach the training account. None: every address, by key or identity.')
param trainingStorageIpRules array = []

@description('Container of labeled examples, as in the definitions.')
param labeledExamplesContainer string = 'labeledexamples'

@description('Container that the training web service writes models to, as in the definitions; not the one of the examples.')
param trainedModelsContainer string = 'trainingoutput'

@minLength(1)
@description('BATCH EXECUTION address of the training web service.')
param trainingMlEndpoint string

@secure()
@minLength(1)
@description('API key of the training web service.')
param trainingApiKey string

@minLength(1)
@description('BATCH EXECUTION address of the scoring web service.')
param scoringMlEndpoint string

@secure()
@minLength(1)
@description('API key of the scoring web service\'s non-default endpoint.')
param scoringApiKey string

@minLength(1)
@description('UPDATE RESOURCE address of that endpoint.')
param scoringUpdateResourceEndpoint string

@description('Folder of the definitions, relative to the app\'s root.')
param adfFolder string = 'adf'

@description('Further app settings that your definitions name: setting -> value.')
param furtherSettings object = {}

@secure()
@description('The same for secrets: each goes into the vault, and its setting refers to it.')
param furtherSecrets object = {}

@description('Further hosts that your definitions may send keys, tokens and signatures to.')
param furtherServiceHosts array = []

@description('NCRONTAB, UTC: when open runs are looked at.')
param pollSchedule string = '0 * * * * *'

@description('NCRONTAB, UTC: when unannounced examples and models are looked for.')
param sweepSchedule string = '0 */15 * * * *'

@minValue(1)
@maxValue(3650)
@description('Days for which the scoring web service can read an archived model.')
param modelLinkDays int = 365

@allowed([512, 2048, 4096])
@description('Memory of one instance. The app holds no blob content; what it uses is the host and the Python worker.')
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
@description('Most instances at a time; 40 is the least that Flex Consumption allows.')
param maximumInstanceCount int = 40

@description('Who is written to when an alert fires. Empty: the alerts exist and write to nobody.')
param alertEmail string = ''

@minValue(1)
@description('A training and its updates that go on for longer, in hours, are an alert.')
param longestTrainingHours int = 24

@description('Days for which logs are kept.')
param logRetentionDays int = 30

@description('GB of logs a day above which no more are taken until the next day.')
param logDailyQuotaGb int = 1

@description('Puts the app into a virtual network and host storage and vault behind private endpoints.')
param vnetEnabled bool = false

var names = loadJsonContent('abbreviations.json')
var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var packageContainer = 'app-package'
var blobTriggerSource = 'EventGrid'
var trainingStorageByIdentity = (trainingStorageAccess == 'identity')
var containers = {
  labeledExamples: labeledExamplesContainer
  trainedModels: trainedModelsContainer
  state: 'retraining'
  models: 'models'
  deadLetter: 'deadletter'
}

// The settings that the shipped definitions name.
var definitionSettings = {
  TRAINING_ML_ENDPOINT: trainingMlEndpoint
  SCORING_ML_ENDPOINT: scoringMlEndpoint
  SCORING_UPDATE_RESOURCE_ENDPOINT: scoringUpdateResourceEndpoint
}
var secretNames = concat(['TRAINING_API_KEY', 'SCORING_API_KEY'], objectKeys(furtherSecrets), (trainingStorageByIdentity ? [] : ['TrainingStorage']))

// Studio (classic)'s hosts and the training account. A scoring web service of the Resource Manager kind needs
// management.azure.com in furtherServiceHosts.
var serviceHosts = [
  '*.services.azureml.net'
  'management.azureml.net'
  '*.management.azureml.net'
  '${names.trainingStorage}${resourceToken}.blob.${environment().suffixes.storage}'
]

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${names.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity 'identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${names.identity}${resourceToken}'
    location: location
    tags: tags
  }
}

module telemetry 'telemetry.bicep' = {
  name: 'telemetry'
  scope: group
  params: {
    workspaceName: '${names.workspace}${resourceToken}'
    componentName: '${names.component}${resourceToken}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
  }
}

module hostStorage 'hostStorage.bicep' = {
  name: 'hostStorage'
  scope: group
  params: {
    name: '${names.hostStorage}${resourceToken}'
    location: location
    tags: tags
    packageContainer: packageContainer
    privateOnly: vnetEnabled
  }
}

module trainingStorage 'trainingStorage.bicep' = {
  name: 'trainingStorage'
  scope: group
  params: {
    name: '${names.trainingStorage}${resourceToken}'
    location: location
    tags: tags
    keysAllowed: !trainingStorageByIdentity
    containers: map(items(containers), container => container.value)
    deadLetterContainer: containers.deadLetter
    ipRules: trainingStorageIpRules
  }
}

module keyVault 'keyVault.bicep' = {
  name: 'keyVault'
  scope: group
  params: {
    name: '${names.keyVault}${resourceToken}'
    location: location
    tags: tags
    privateOnly: vnetEnabled
    trainingStorageName: trainingStorage.outputs.name
    keepConnectionString: !trainingStorageByIdentity
    secrets: union(furtherSecrets, { TRAINING_API_KEY: trainingApiKey, SCORING_API_KEY: scoringApiKey })
  }
}

module eventTopic 'eventTopic.bicep' = {
  name: 'eventTopic'
  scope: group
  params: {
    name: '${names.eventTopic}${resourceToken}'
    location: location
    tags: tags
    sourceId: trainingStorage.outputs.id
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    hostStorageName: hostStorage.outputs.name
    trainingStorageName: trainingStorage.outputs.name
    keyVaultName: keyVault.outputs.name
    componentName: telemetry.outputs.componentName
    labeledExamplesContainer: containers.labeledExamples
    deadLetterContainer: containers.deadLetter
    appPrincipalId: identity.outputs.principalId
    topicPrincipalId: eventTopic.outputs.principalId
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
  }
}

module trainingRoles 'trainingRoles.bicep' = if (trainingStorageByIdentity) {
  name: 'trainingRoles'
  scope: group
  params: {
    trainingStorageName: trainingStorage.outputs.name
    containers: containers
    appPrincipalId: identity.outputs.principalId
  }
}

module network 'network.bicep' = if (vnetEnabled) {
  name: 'network'
  scope: group
  params: {
    name: '${names.network}${resourceToken}'
    location: location
    tags: tags
    hostStorageId: hostStorage.outputs.id
    trainingStorageId: trainingStorage.outputs.id
    keyVaultId: keyVault.outputs.id
  }
}

module functionApp 'functionApp.bicep' = {
  name: 'functionApp'
  scope: group
  params: {
    name: '${names.functionApp}${resourceToken}'
    planName: '${names.plan}${resourceToken}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    hostQueueEndpoint: hostStorage.outputs.queueEndpoint
    hostTableEndpoint: hostStorage.outputs.tableEndpoint
    packageContainer: packageContainer
    trainingBlobEndpoint: trainingStorage.outputs.blobEndpoint
    trainingQueueEndpoint: trainingStorage.outputs.queueEndpoint
    trainingStorageByIdentity: trainingStorageByIdentity
    containers: containers
    applicationInsightsConnectionString: telemetry.outputs.connectionString
    keyVaultName: keyVault.outputs.name
    secretSettings: secretNames
    blobTriggerSource: blobTriggerSource
    adfFolder: adfFolder
    pollSchedule: pollSchedule
    sweepSchedule: sweepSchedule
    modelLinkDays: modelLinkDays
    allowedServiceHosts: concat(serviceHosts, furtherServiceHosts)
    furtherSettings: union(furtherSettings, definitionSettings)
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    subnetId: vnetEnabled ? network.outputs.appSubnetId : ''
  }
  // The first start reads secrets and takes leases: the rights have to be there.
  dependsOn: [
    roles
    trainingRoles
  ]
}

module diagnostics 'diagnostics.bicep' = {
  name: 'diagnostics'
  scope: group
  params: {
    functionAppName: functionApp.outputs.name
    keyVaultName: keyVault.outputs.name
    eventTopicName: eventTopic.outputs.name
    workspaceId: telemetry.outputs.workspaceId
  }
}

module monitoring 'monitoring/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
    applicationInsightsId: telemetry.outputs.componentId
    alertEmail: alertEmail
    resourceToken: resourceToken
    longestTrainingHours: longestTrainingHours
  }
}

// azd keeps these in its environment, where hooks/postdeploy.py reads them. Those in the app's spelling are app settings.
output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = functionApp.outputs.name
output EVENT_TOPIC_NAME string = eventTopic.outputs.name
output TRAINING_STORAGE_NAME string = trainingStorage.outputs.name
output DEAD_LETTER_CONTAINER string = containers.deadLetter
output LABELED_EXAMPLES_CONTAINER string = containers.labeledExamples
output TRAINED_MODELS_CONTAINER string = containers.trainedModels
output BLOB_TRIGGER_SOURCE string = blobTriggerSource
