// Where the training account announces its blobs. Who is told is in events.bicep: that needs the deployed app.

param name string
param location string
param tags object

@description('Resource id of the training storage account.')
param sourceId string

resource topic 'Microsoft.EventGrid/systemTopics@2022-06-15' = {
  name: name
  location: location
  tags: tags
  // Its own identity writes the dead letters.
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: sourceId
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

output name string = topic.name
output principalId string = topic.identity.principalId
