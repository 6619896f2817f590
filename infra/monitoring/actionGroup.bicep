// Who hears of an alert. One group, so that a pager or a chat is added in one place.

@description('Tags of the action group.')
param tags object

@description('Ends the name.')
param resourceToken string

@description('Who is written to. Empty: nobody.')
param alertEmail string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-relearner-${resourceToken}'
  location: 'global' // action groups have no region
  tags: tags
  properties: {
    groupShortName: 'relearner'
    enabled: true
    emailReceivers: empty(alertEmail) ? [] : [
      {
        name: 'on call'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

output id string = actionGroup.id
