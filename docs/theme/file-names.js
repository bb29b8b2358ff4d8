// The name of a file stands above what is in it; pages write it behind the opening fence.
for (const code of document.querySelectorAll('code[class*="file="]')) {
  const name = document.createElement('p');
  name.className = 'file-name';
  name.textContent = code.className.match(/file=(\S+)/)[1];
  code.closest('pre').before(name);
}
