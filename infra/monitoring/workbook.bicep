// The workbook: what runs, what went live, what failed and why. Its queries are those of queries/; a test holds them equal.

@description('Where the workbook is kept.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Resource id of the Log Analytics workspace that is searched.')
param workspaceId string

@description('Resource id of the Application Insights component: only its lines are looked at.')
param applicationInsightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(applicationInsightsId, 'relearner') // a workbook's name must be a GUID
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Relearner'
    description: 'Retraining: runs, models, failures, the heartbeat.'
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: replace(loadTextContent('workbook.json'), '<applicationInsightsId>', applicationInsightsId)
  }
}
