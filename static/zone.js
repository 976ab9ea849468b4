// Shows the times of a link in the zone of the guest's browser, unless the guest has
// chosen another one: then the page does not load this.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
if (zone && zone !== document.getElementById('tz').value) {
  const to = new URL(location)
  to.searchParams.set('tz', zone)
  location.replace(to)
}
