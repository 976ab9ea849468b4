// Everything in this folder is an extra: the pages work without it.
document.documentElement.classList.add('js')
// Whoever runs it can ask again, so a slow search is answered by a page that does.
document.cookie = 'script=1;path=/;max-age=31536000;samesite=' + (location.protocol === 'https:' ? 'none;secure;partitioned' : 'lax')
