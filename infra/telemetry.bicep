// Where logs and metrics go: one workspace, and Application Insights on it, written to by identity only.

param workspaceName string
param componentName string
param location string
param tags object

@description('Days for which logs are kept.')
param retentionDays int

@description('GB of logs a day above which the workspace takes no more until the next day: a bound on the bill.')
param dailyQuotaGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
    features: {
      // Who may read a resource may read its logs.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    // The connection string alone opens nothing: who writes shows a token of the app's identity.
    DisableLocalAuth: true
  }
}

output workspaceId string = workspace.id
output componentName string = component.name
output componentId string = component.id
output connectionString string = component.properties.ConnectionString
