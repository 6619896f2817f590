// What tells a person: one action group, the alerts and the workbook. All of it reads the Log Analytics workspace that
// Application Insights writes to.

@description('Where the alerts and the workbook are kept: the region of the workspace.')
param location string

@description('Tags of every resource.')
param tags object = {}

@description('Ends every name: the same token as in the names of the other resources.')
param resourceToken string

@description('Resource id of the Log Analytics workspace behind Application Insights.')
param workspaceId string

@description('Resource id of the Application Insights component: only its lines are looked at.')
param applicationInsightsId string

@description('Who is written to when an alert fires. Empty: the alerts exist and write to nobody.')
param alertEmail string = ''

@description('An attempt (training and updates) that goes on for longer is an alert, in hours.')
@minValue(1)
param longestTrainingHours int = 24

module actionGroup 'actionGroup.bicep' = {
  name: 'monitoring-actionGroup'
  params: {
    tags: tags
    resourceToken: resourceToken
    alertEmail: alertEmail
  }
}

module alerts 'alerts.bicep' = {
  name: 'monitoring-alerts'
  params: {
    location: location
    tags: tags
    resourceToken: resourceToken
    workspaceId: workspaceId
    applicationInsightsId: applicationInsightsId
    longestTrainingHours: longestTrainingHours
    actionGroupId: actionGroup.outputs.id
  }
}

module workbook 'workbook.bicep' = {
  name: 'monitoring-workbook'
  params: {
    location: location
    tags: tags
    workspaceId: workspaceId
    applicationInsightsId: applicationInsightsId
  }
}
