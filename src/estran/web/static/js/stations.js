// Fields of places get the list that htmx fills while somebody types.

for (const input of document.querySelectorAll("input.station")) {
  const list = input.parentElement?.querySelector("datalist");
  if (list) input.setAttribute("list", list.id);
}
