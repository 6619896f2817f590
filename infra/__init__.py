"""The app in the cloud: Bicep, and what azd runs after a deployment. Never deployed itself."""
