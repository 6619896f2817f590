// The alerts: one log search rule for each query file. A rule fires when its query has a row, so what counts as trouble
// stands in the query alone. docs/runbook.md has a section for each.
//
// Every 15 minutes: a training takes longer than that, and a rule costs a third of one that looks every 5.
// Over 30 minutes: a line may arrive in the log minutes after it was written; each is seen by two evaluations.
// Stateful (autoMitigate): an alert fires once for each `what`, not at each evaluation, and is closed when its lines
// have left the window. For what happens once, such as a failed run, closed means no more than that.

@description('Where the rules are kept.')
param location string

@description('Tags of every rule.')
param tags object

@description('Ends every name.')
param resourceToken string

@description('Resource id of the Log Analytics workspace that is searched.')
param workspaceId string

@description('Resource id of the Application Insights component: only its lines are looked at.')
param applicationInsightsId string

@description('An attempt that goes on for longer is an alert, in hours.')
param longestTrainingHours int

@description('Resource id of the action group.')
param actionGroupId string

// Severities: 1 where models do not go live until somebody acts, 2 where something is wrong that the app works around
// or that concerns one thing only, 3 where nothing is lost yet.
var rules = [
  {
    name: 'run-failed'
    severity: 1
    description: 'A run ended without success before its model was offered to a scoring web service.'
    query: loadTextContent('queries/run-failed.kql')
  }
  {
    name: 'update-refused'
    severity: 1
    description: 'A model was trained, but the scoring web service refused the update, or it had no effect.'
    query: loadTextContent('queries/update-refused.kql')
  }
  {
    name: 'run-stuck'
    severity: 2
    description: 'A run is not moved on, or its attempt has gone on for too long.'
    query: loadTextContent('queries/run-stuck.kql')
  }
  {
    name: 'events-lost'
    severity: 3
    description: 'Blob events do not arrive or were given up. The sweep finds the blobs, up to 15 minutes late.'
    query: loadTextContent('queries/events-lost.kql')
  }
  {
    name: 'document-unreadable'
    severity: 1
    description: 'A document of the state container cannot be read; what needs it waits.'
    query: loadTextContent('queries/document-unreadable.kql')
  }
  {
    name: 'configuration-fault'
    severity: 1
    description: 'The settings or definitions are wrong, or an open run has no pipeline any more.'
    query: loadTextContent('queries/configuration-fault.kql')
  }
  {
    name: 'function-exceptions'
    severity: 2
    description: 'A function, a look at a run or a sweep failed three times or more.'
    query: loadTextContent('queries/function-exceptions.kql')
  }
  {
    name: 'no-heartbeat'
    severity: 1
    description: 'The timer has not fired for 30 minutes, or its lines do not arrive: no run is looked at.'
    query: loadTextContent('queries/no-heartbeat.kql')
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'relearner-${rule.name}-${resourceToken}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Relearner: ${rule.name}'
    description: '${rule.description} What to do: docs/runbook.md, ${rule.name}.'
    severity: rule.severity
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    criteria: {
      allOf: [
        {
          query: replace(
            replace(rule.query, '<applicationInsightsId>', applicationInsightsId),
            '<longestTrainingHours>',
            string(longestTrainingHours)
          )
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'what'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    skipQueryValidation: true // a workspace made a moment ago has none of the tables yet
    actions: {
      actionGroups: [
        actionGroupId
      ]
    }
  }
}]
