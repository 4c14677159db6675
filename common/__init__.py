"""What every room uses: errors, policies, localised text, times, uploads. No models."""
