// Shows the times of a link on the clock of the guest's browser. The page loads this
// only while the guest has chosen no zone; an address with one is left alone, so that
// a zone that the server doesn't know can't be asked for again and again.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const to = new URL(location)
if (zone && zone !== document.getElementById('tz').value && !to.searchParams.has('tz')) {
  to.searchParams.set('tz', zone)
  location.replace(to)
}
