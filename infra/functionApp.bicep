// The function app on Flex Consumption, with every setting that it reads.

param name string
param planName string
param location string
param tags object

@description('Resource id and client id of the app\'s identity.')
param identityId string
param identityClientId string

@description('Addresses of the host storage account, and the container that the app is deployed to.')
param hostBlobEndpoint string
param hostQueueEndpoint string
param hostTableEndpoint string
param packageContainer string

@description('Addresses of the training storage account, used where it is opened by identity.')
param trainingBlobEndpoint string
param trainingQueueEndpoint string
param trainingStorageByIdentity bool

@description('Container names of the training account: labeledExamples, trainedModels, state, models, deadLetter.')
param containers object

@description('Connection string of Application Insights. It opens nothing without a token.')
param applicationInsightsConnectionString string

param keyVaultName string

@description('App settings whose values are secrets of the vault, each named as its setting with - for _.')
param secretSettings array

@description('Where blob events come from. Flex Consumption takes only EventGrid.')
param blobTriggerSource string

param adfFolder string
param pollSchedule string
param sweepSchedule string
param modelLinkDays int

@description('Hosts that the definitions may send secrets to.')
param allowedServiceHosts array

@description('Settings that other definitions than the shipped ones need.')
param furtherSettings object

param instanceMemoryMB int
param maximumInstanceCount int

@description('The subnet that the app joins; empty for none.')
param subnetId string

// The host's, and those of the SDKs in the app.
var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__queueServiceUri: hostQueueEndpoint
  AzureWebJobsStorage__tableServiceUri: hostTableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  AZURE_CLIENT_ID: identityClientId
}

// The app's own: docs/settings.md.
var ownSettings = {
  LABELED_EXAMPLES_CONTAINER: containers.labeledExamples
  TRAINED_MODELS_CONTAINER: containers.trainedModels
  RETRAINING_STATE_CONTAINER: containers.state
  MODEL_ARCHIVE_CONTAINER: containers.models
  DEAD_LETTER_CONTAINER: containers.deadLetter
  BLOB_TRIGGER_SOURCE: blobTriggerSource
  POLL_SCHEDULE: pollSchedule
  SWEEP_SCHEDULE: sweepSchedule
  ADF_FOLDER: adfFolder
  MODEL_LINK_DAYS: string(modelLinkDays)
  ALLOWED_SERVICE_HOSTS: join(allowedServiceHosts, ',')
}

// Instead of the secret TrainingStorage.
var trainingStorageSettings = {
  TrainingStorage__blobServiceUri: trainingBlobEndpoint
  TrainingStorage__queueServiceUri: trainingQueueEndpoint
  TrainingStorage__credential: 'managedidentity'
  TrainingStorage__clientId: identityClientId
}

var referenceSettings = toObject(secretSettings, setting => setting, setting => '@Microsoft.KeyVault(VaultName=${keyVaultName};SecretName=${replace(setting, '_', '-')})')

var settings = union(furtherSettings, hostSettings, ownSettings, referenceSettings, (trainingStorageByIdentity ? trainingStorageSettings : {}))

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource functionApp 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'relearner' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Event Grid calls from outside, with the key that only the host and the event subscriptions know.
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: map(items(settings), setting => {
        name: setting.key
        value: setting.value
      })
    }
  }
}

// Deployment is by login only: no user name and password for FTP or for the deployment site.
resource publishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [for channel in ['ftp', 'scm']: {
  parent: functionApp
  name: channel
  properties: {
    allow: false
  }
}]

output name string = functionApp.name
