// The secrets of the app, each one an app setting by reference. Opened by role only; nothing is an output but names.

param name string
param location string
param tags object

@description('Whether the vault is reached through private endpoints only.')
param privateOnly bool

@description('Name of the training storage account.')
param trainingStorageName string

@description('Whether its connection string is a secret of the app.')
param keepConnectionString bool

@secure()
@description('The API keys and whatever else the definitions name: app setting -> value.')
param secrets object

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The shortest: what is in here has its original elsewhere, and the name is taken for as long.
    softDeleteRetentionInDays: 7
    enablePurgeProtection: true
    // Off the internet only with the virtual network: references are read from the app's side.
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateOnly ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
    }
  }
}

// Names of secrets have no underscore: TRAINING_API_KEY is TRAINING-API-KEY.
resource settingSecrets 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = [for secret in items(secrets): {
  parent: vault
  name: replace(secret.key, '_', '-')
  properties: {
    value: secret.value
    contentType: 'app setting ${secret.key}'
  }
}]

resource trainingStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: trainingStorageName
}

resource connectionString 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (keepConnectionString) {
  parent: vault
  name: 'TrainingStorage'
  properties: {
    value: 'DefaultEndpointsProtocol=https;AccountName=${trainingStorageName};AccountKey=${trainingStorage.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
    contentType: 'app setting TrainingStorage'
  }
}

output id string = vault.id
output name string = vault.name
