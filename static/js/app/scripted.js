// The scripts in this folder are extras: the pages work without them.
document.documentElement.classList.add('js')
// Tells the server that this browser can ask again, so that a slow search may be
// answered by a page that does.
document.cookie = 'script=1;path=/;max-age=31536000;samesite=' + (location.protocol === 'https:' ? 'none;secure;partitioned' : 'lax')
