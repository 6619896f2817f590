"""What azd runs after the code is deployed: it tells Event Grid which functions to call."""
