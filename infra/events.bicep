// One event subscription for each blob-triggered function of the deployed app. Deployed by hooks/postdeploy.py: the key in
// the address and the function behind it exist only after the code does, and Event Grid calls the address to validate it.

@description('Name of the function app, in this resource group.')
param functionAppName string

@description('Name of the system topic of the training storage account.')
param eventTopicName string

param trainingStorageName string

@description('Container of the training account for events that could not be delivered.')
param deadLetterContainer string

@description('From the app\'s own index, each: name, functionName, subjectBeginsWith, subjectEndsWith.')
param subscriptions array

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource trainingStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: trainingStorageName
}

resource topic 'Microsoft.EventGrid/systemTopics@2022-06-15' existing = {
  name: eventTopicName
}

var webhook = 'https://${functionApp.properties.defaultHostName}/runtime/webhooks/blobs'

resource eventSubscriptions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = [for wanted in subscriptions: {
  parent: topic
  name: wanted.name
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    destination: {
      endpointType: 'WebHook'
      properties: {
        // The key is read by the deployment itself: it passes through no hook, no parameter and no output.
        endpointUrl: '${webhook}?functionName=Host.Functions.${wanted.functionName}&code=${listKeys('${functionApp.id}/host/default', '2024-04-01').systemKeys.blobs_extension}'
        maxEventsPerBatch: 1
        preferredBatchSizeInKilobytes: 64
      }
    }
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: wanted.subjectBeginsWith
      subjectEndsWith: wanted.subjectEndsWith
      isSubjectCaseSensitive: true
    }
    // The longest that Event Grid offers; then the dead letter, and the sweep finds the blob in any case.
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: trainingStorage.id
          blobContainerName: deadLetterContainer
        }
      }
    }
  }
}]
