// Package part holds small components that several pages use: icons, faces,
// messages beside fields, QR codes.
package part
