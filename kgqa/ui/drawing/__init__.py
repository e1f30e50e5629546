"""The walk as a picture: what is drawn, where it stands, and the component that draws it."""
