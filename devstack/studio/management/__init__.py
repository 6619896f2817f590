"""The classic management service: endpoints, and the model behind each ("Update Resource")."""
