// Who may do what, each right with its reason (it is shown beside the assignment in the portal as well). Scopes are as
// narrow as the operation allows: a container where the data is one container's. What the app may do in the training account
// is in trainingRoles.bicep.

param hostStorageName string
param trainingStorageName string
param keyVaultName string
param componentName string

@description('Containers of the training account.')
param labeledExamplesContainer string
param deadLetterContainer string

@description('Principal of the app.')
param appPrincipalId string

@description('Principal of the event topic.')
param topicPrincipalId string

@description('Who deploys, and uploads the first example. Empty: nobody is granted anything.')
param deployerPrincipalId string
param deployerPrincipalType string

var roles = loadJsonContent('roles.json')

resource hostStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: hostStorageName
}

resource trainingStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: trainingStorageName
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVaultName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// The host's own account, which holds nothing else.
var onHostStorage = [
  { role: 'StorageBlobDataOwner', reason: 'Functions host: leases, timer state, function keys, the deployed package' }
  { role: 'StorageQueueDataContributor', reason: 'Functions host: makes, fills and reads the queue between event and blob function' }
  { role: 'StorageTableDataContributor', reason: 'Functions host: its diagnostic events (AZFD0003 without)' }
]

resource appOnHostStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in onHostStorage: {
  name: guid(hostStorage.id, appPrincipalId, roles[grant.role])
  scope: hostStorage
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    description: grant.reason
  }
}]

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: trainingStorage
  name: 'default'
}

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  parent: blobService
  name: deadLetterContainer
}

resource topicOnDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(deadLetters.id, topicPrincipalId, roles.StorageBlobDataContributor)
  scope: deadLetters
  properties: {
    principalId: topicPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.StorageBlobDataContributor)
    description: 'Event Grid: writes what it could not deliver'
  }
}

// The vault holds this app's secrets and no others.
resource appOnKeyVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keyVault.id, appPrincipalId, roles.KeyVaultSecretsUser)
  scope: keyVault
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.KeyVaultSecretsUser)
    description: 'Platform: reads the secrets that app settings refer to'
  }
}

resource appOnComponent 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, appPrincipalId, roles.MonitoringMetricsPublisher)
  scope: component
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.MonitoringMetricsPublisher)
    description: 'Functions host: writes logs and metrics, which Application Insights takes by token only'
  }
}

resource examples 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  parent: blobService
  name: labeledExamplesContainer
}

resource deployerOnExamples 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(examples.id, deployerPrincipalId, roles.StorageBlobDataContributor)
  scope: examples
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.StorageBlobDataContributor)
    description: 'Who deploys: uploads labeled examples by login instead of by key'
  }
}

resource deployerOnTrainingStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(trainingStorage.id, deployerPrincipalId, roles.StorageBlobDataReader)
  scope: trainingStorage
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.StorageBlobDataReader)
    description: 'Who deploys: reads run documents, models and dead letters'
  }
}
