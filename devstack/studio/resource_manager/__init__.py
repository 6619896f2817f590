"""Azure Resource Manager's provider `Microsoft.MachineLearning`: the web services of the newer kind."""
