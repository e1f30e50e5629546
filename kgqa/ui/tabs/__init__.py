"""The three tabs: Explore, Learn and About, and the frame around them."""
