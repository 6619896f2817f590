"""The log queries of infra/monitoring, and what Microsoft's parser says about them."""
