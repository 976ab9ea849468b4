package portal

// WayOutView holds a one-time code that opens Next in a tab of its own.
type WayOutView struct{ Code, Next string }
