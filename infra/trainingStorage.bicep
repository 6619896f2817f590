// The account of the labeled examples, the trained models and the run documents. The training and the scoring web
// services read and write it too, from outside of any virtual network of ours.

param name string
param location string
param tags object

@description('Whether the account has keys. Only the linked services decide it: one with connectionString needs them.')
param keysAllowed bool

@description('Names of the containers.')
param containers array

@description('The one of them that holds undeliverable events.')
param deadLetterContainer string

@description('Public addresses (IPv4 or CIDR) that may reach the account. None: every address, by key or identity.')
param ipRules array

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    // Azure ML Studio (classic) opens its input and output by an account key: see trainingStorageAccess in main.bicep.
    allowSharedKeyAccess: keysAllowed
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // The web services come from outside, also where the app is in a virtual network.
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: empty(ipRules) ? 'Allow' : 'Deny'
      // Event Grid writes dead letters as a trusted Azure service.
      bypass: 'AzureServices'
      ipRules: map(ipRules, address => {
        action: 'Allow'
        value: address
      })
    }
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    // Two weeks to bring back what was deleted or overwritten. Versioning would keep every state of every run document
    // for ever; soft delete keeps the same for as long as anybody asks.
    isVersioningEnabled: false
    deleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 14
    }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for container in containers: {
  parent: blobService
  name: container
  properties: {
    publicAccess: 'None'
  }
}]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          // Read by the sweep long before; examples, models and run documents are kept until somebody deletes them.
          name: 'forget-dead-letters'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${deadLetterContainer}/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 90
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    blobService
  ]
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
