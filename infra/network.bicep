// The optional virtual network: a subnet for the app, private endpoints for what only the app opens, names for both.

param name string
param location string
param tags object

@description('Resource id of the host storage account.')
param hostStorageId string

@description('Resource id of the training storage account.')
param trainingStorageId string

@description('Resource id of the key vault.')
param keyVaultId string

var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var queueZone = 'privatelink.queue.${environment().suffixes.storage}'
var tableZone = 'privatelink.table.${environment().suffixes.storage}'
// The name in the public cloud; the suffix that environment() gives (vault.azure.net) is not the private one.
var vaultZone = 'privatelink.vaultcore.azure.net'
var zoneNames = [blobZone, queueZone, tableZone, vaultZone]

var endpoints = [
  { name: 'host-blob', id: hostStorageId, group: 'blob', zone: 0 }
  { name: 'host-queue', id: hostStorageId, group: 'queue', zone: 1 }
  { name: 'host-table', id: hostStorageId, group: 'table', zone: 2 }
  { name: 'training-blob', id: trainingStorageId, group: 'blob', zone: 0 }
  { name: 'training-queue', id: trainingStorageId, group: 'queue', zone: 1 }
  { name: 'vault', id: keyVaultId, group: 'vault', zone: 3 }
]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.20.0.0/24']
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/26'
          // Flex Consumption joins a network through this delegation.
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.20.0.64/27'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [for zoneName in zoneNames: {
  name: zoneName
  location: 'global'
  tags: tags
}]

resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (zoneName, i) in zoneNames: {
  parent: zones[i]
  name: name
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}]

// One after the other: an account takes one change of its endpoints at a time.
@batchSize(1)
resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for endpoint in endpoints: {
  name: '${name}-${endpoint.name}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: '${network.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: endpoint.name
        properties: {
          privateLinkServiceId: endpoint.id
          groupIds: [endpoint.group]
        }
      }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (endpoint, i) in endpoints: {
  parent: privateEndpoints[i]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: endpoint.group
        properties: {
          privateDnsZoneId: zones[endpoint.zone].id
        }
      }
    ]
  }
}]

output appSubnetId string = '${network.id}/subnets/app'
