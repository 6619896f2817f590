// What the platform itself has to tell, sent to the workspace. The app's own log lines come through Application Insights;
// FunctionAppLogs would be the same lines a second time, and paid twice.

param functionAppName string
param keyVaultName string
param eventTopicName string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVaultName
}

resource eventTopic 'Microsoft.EventGrid/systemTopics@2022-06-15' existing = {
  name: eventTopicName
}

resource ofTheApp 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'metrics'
  scope: functionApp
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// Who read which secret.
resource ofTheVault 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: keyVault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

// Which event could not be delivered, and why.
resource ofTheTopic 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'delivery'
  scope: eventTopic
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}
