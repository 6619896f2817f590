// What the app may do in the training account when it opens it by its identity. With a connection string it needs no role
// there, and this module is not deployed.

param trainingStorageName string

@description('Container names: labeledExamples, trainedModels, state, models, deadLetter.')
param containers object

@description('Principal of the app.')
param appPrincipalId string

var roles = loadJsonContent('roles.json')

resource trainingStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: trainingStorageName
}

// What has no container: a signature's key, and the poison queue, which the host makes when it first needs it.
var onTrainingStorage = [
  { role: 'StorageBlobDelegator', reason: 'App: asks for the user delegation key that signs links to models and examples' }
  { role: 'StorageQueueDataContributor', reason: 'Functions host: makes and fills webjobs-blobtrigger-poison; record_poison reads it' }
]

resource appOnTrainingStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in onTrainingStorage: {
  name: guid(trainingStorage.id, appPrincipalId, roles[grant.role])
  scope: trainingStorage
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    description: grant.reason
  }
}]

// Owner is what the Functions documentation asks for where a blob trigger listens (functions-bindings-storage-blob-trigger).
var onContainers = [
  { container: containers.labeledExamples, role: 'StorageBlobDataOwner', reason: 'Blob trigger start_retraining; the sweep lists; the link that the training service reads by' }
  { container: containers.trainedModels, role: 'StorageBlobDataOwner', reason: 'Blob trigger update_scoring; the link that the training service writes the model by' }
  { container: containers.state, role: 'StorageBlobDataContributor', reason: 'App: reads, writes, lists and deletes run documents' }
  { container: containers.models, role: 'StorageBlobDataContributor', reason: 'App: copies each model here, and signs the link that the scoring service reads it by' }
  { container: containers.deadLetter, role: 'StorageBlobDataReader', reason: 'App: the sweep lists what Event Grid could not deliver' }
]

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: trainingStorage
  name: 'default'
}

resource grantedContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = [for grant in onContainers: {
  parent: blobService
  name: grant.container
}]

resource appOnContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (grant, i) in onContainers: {
  name: guid(trainingStorage.id, grant.container, appPrincipalId, roles[grant.role])
  scope: grantedContainers[i]
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    description: grant.reason
  }
}]
