"use strict";
// Draws the charts, and lists, searches and explains the customers. What comes from data is only ever set as text.

const read = (id) => JSON.parse(document.getElementById(id).textContent);

/* ---- charts ---- */

const options = read("charts");
const places = [...document.querySelectorAll(".plot")];
const dark = matchMedia("(prefers-color-scheme: dark)");
let charts = [];

// A colour is the name of a role in the style sheet; labels are not colours and stay as they are.
const COLORS = new Set(["color", "borderColor", "backgroundColor"]);

function painted(value, roles, isColor) {
  if (typeof value === "string") return isColor && value.startsWith("@") ? roles.getPropertyValue("--" + value.slice(1)).trim() : value;
  if (Array.isArray(value)) return value.map((item) => painted(item, roles, isColor));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, roles, isColor || COLORS.has(key))]));
}

function tip(point) {
  const text = point.data && point.data.tip;
  if (!text) return "";
  const element = document.createElement("div");
  element.className = "tip";
  element.textContent = text;
  return element;
}

const label = (point) => (point.data && point.data.text) || "";
// A gauge gives its formatters the value alone.
const dialText = (series) => () => series.data[0].text;

function option(number) {
  const roles = getComputedStyle(document.documentElement);
  const drawn = painted(options[number], roles, false);
  const color = (role) => roles.getPropertyValue("--" + role).trim();
  for (const series of drawn.series) {
    if (series.label) series.label.formatter = label;
    if (series.type === "gauge") series.detail.formatter = dialText(series);
  }
  return {
    animation: false,
    textStyle: { fontFamily: "system-ui, sans-serif", color: color("ink") },
    tooltip: {
      formatter: tip, confine: true, backgroundColor: color("paper"), borderColor: color("line"), borderWidth: 1,
      transitionDuration: 0, textStyle: { color: color("ink"), fontSize: 13 },
    },
    ...drawn,
  };
}

function draw() {
  charts.forEach((chart) => chart.dispose());
  charts = places.map((place) => {
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option(Number(place.dataset.chart)));
    return chart;
  });
  scalable();
}

draw();
dark.addEventListener("change", draw);
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  requestAnimationFrame(() => {
    charts.forEach((chart) => chart.resize());
    scalable();
  });
});
// A chart that is wider than paper is made smaller there, which takes a view box.
function scalable() {
  for (const svg of document.querySelectorAll(".plot svg")) {
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  }
}
// Paper is light, whatever the screen is.
addEventListener("beforeprint", () => {
  document.documentElement.classList.add("paper");
  draw();
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("paper");
  draw();
});

/* ---- customers ---- */

const data = read("data");
const columns = data.columns;
const count = columns.length ? columns[0].values.length : 0;
const ON_A_PAGE = 50;

function element(name, text, properties) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  return Object.assign(made, properties);
}

function grouped(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

// A whole number of last places as a decimal, without ever being a fraction.
function decimal(whole, decimals) {
  const digits = String(Math.abs(whole)).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const fraction = decimals ? "." + digits.slice(point) : "";
  return (whole < 0 ? "-" : "") + grouped(digits.slice(0, point)) + fraction;
}

function shown(column, row) {
  const value = column.values[row];
  if (value === null) return "";
  switch (column.kind) {
    case "decimal": return decimal(value, column.places);
    case "days": return decimal(value, 0) + " days";
    case "percent": return (value * 100).toFixed(1) + "%";
    case "number": return String(value);
    default: return column.texts ? column.texts[value] : value;
  }
}

const isNumber = (column) => column.kind !== "text";
const missing = (column, row) => column.values[row] === null;

let prepared = null;
function searchable() {
  if (prepared) return prepared;
  const searched = data.searched.map((index) => columns[index]);
  prepared = new Array(count);
  for (let row = 0; row < count; row++) prepared[row] = searched.map((column) => shown(column, row)).join("\n").toLowerCase();
  return prepared;
}

const heads = data.heads.map((index) => columns[index]);
// Customers come in the order of the metric they are ranked by.
let order = Array.from({ length: count }, (_, row) => row);
let matches = order;
let sorted = null;
let ascending = true;
let page = 0;

const list = document.getElementById("list");
const found = document.getElementById("found");
const search = document.getElementById("search");

function sort(head) {
  ascending = sorted === head ? !ascending : !isNumber(head);
  sorted = head;
  const sign = ascending ? 1 : -1;
  const values = head.values;
  let compare = (a, b) => values[a] - values[b];
  if (!isNumber(head)) {
    const collator = new Intl.Collator("en", { numeric: true });
    const texts = [...new Set(head.texts || values.filter((value) => value !== null))].sort(collator.compare);
    const rank = new Map(texts.map((text, index) => [text, index]));
    const ranks = values.map((value) => (value === null ? null : rank.get(head.texts ? head.texts[value] : value)));
    compare = (a, b) => ranks[a] - ranks[b];
  }
  order = Array.from({ length: count }, (_, row) => row);
  // What is missing comes last either way.
  order.sort((a, b) => (missing(head, a) || missing(head, b) ? missing(head, a) - missing(head, b) : sign * compare(a, b)) || a - b);
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length) {
    const texts = searchable();
    matches = order.filter((row) => words.every((word) => texts[row].includes(word)));
  } else {
    matches = order;
  }
  page = 0;
}

function fillHead() {
  const cells = heads.map((head) => {
    const cell = element("th", null, { scope: "col", className: isNumber(head) ? "number" : "" });
    const button = element("button", head.name, { type: "button" });
    button.addEventListener("click", () => {
      sort(head);
      filter();
      fill();
    });
    cell.append(button);
    return cell;
  });
  const line = element("tr");
  line.append(...cells);
  list.tHead.replaceChildren(line);
}

function fill() {
  [...list.tHead.rows[0].cells].forEach((cell, index) => {
    if (heads[index] === sorted) cell.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    else cell.removeAttribute("aria-sort");
  });
  const first = page * ON_A_PAGE;
  const rows = matches.slice(first, first + ON_A_PAGE).map((row) => {
    const line = element("tr");
    line.dataset.row = row;
    heads.forEach((head, index) => {
      const text = shown(head, row);
      if (index === 0) {
        const cell = element("th", null, { scope: "row" });
        cell.append(element("button", text, { type: "button" }));
        line.append(cell);
      } else {
        line.append(element("td", text, { className: isNumber(head) ? "number" : "" }));
      }
    });
    return line;
  });
  list.tBodies[0].replaceChildren(...rows);
  const all = grouped(String(count));
  const some = grouped(String(matches.length));
  found.textContent = matches.length === count ? `${all} customers` : `${some} of ${all} customers`;
  const pages = Math.max(1, Math.ceil(matches.length / ON_A_PAGE));
  document.getElementById("place").textContent = `page ${grouped(String(page + 1))} of ${grouped(String(pages))}`;
  document.getElementById("previous").disabled = page === 0;
  document.getElementById("next").disabled = page + 1 >= pages;
}

function turn(by) {
  page += by;
  fill();
}

/* ---- one customer ---- */

const dialog = document.getElementById("customer");

function valueCell(column, row) {
  if (missing(column, row)) return element("td", "missing", { className: "missing" });
  return element("td", shown(column, row), { className: isNumber(column) ? "number" : "" });
}

function table(className, heading, rows) {
  const made = element("table", null, { className });
  if (heading) {
    const line = element("tr");
    line.append(...heading.map((text) => element("th", text, { scope: "col" })));
    made.createTHead().append(line);
  }
  made.createTBody().append(...rows);
  return made;
}

function result(rule, row) {
  const line = element("tr");
  const head = element("th", rule.name, { scope: "row" });
  if (rule.about) head.append(element("small", rule.about));
  const [main, ...parts] = rule.parts.map((index) => columns[index]);
  const why = element("td", rule.why === null ? "" : shown(columns[rule.why], row));
  const others = parts.filter((part) => !missing(part, row)).map((part) => `${part.name.split(".").pop()} ${shown(part, row)}`);
  if (others.length) why.append(element("small", others.join(", ")));
  const value = main ? valueCell(main, row) : element("td");
  value.classList.remove("number");
  line.append(head, value, why);
  return line;
}

function changes(row) {
  const known = data.changes[row];
  if (!known) {
    const text = element("p", "To see what would change them, run ", { className: "about" });
    text.append(element("code", data.command + shown(columns[0], row)));
    return text;
  }
  if (!known.length) return element("p", "No single change of the record would.", { className: "about" });
  const items = element("ul");
  for (const [rule, label, moves] of known) {
    const item = element("li", `${data.rules[rule].name} `);
    item.append(element("strong", label), `: ${moves}`);
    items.append(item);
  }
  return items;
}

function open(row) {
  const key = shown(columns[0], row);
  const named = data.profile[0][1].map((index) => columns[index]).find((column) => /(^|_)(name|naam|nom|company)/i.test(column.name));
  const name = named ? shown(named, row) : "";
  document.getElementById("customer-name").textContent = name ? `${name} (${key})` : key;
  const parts = [];
  if (data.rules.length) {
    parts.push(element("h3", "Results"), table("results", ["rule", "result", "why"], data.rules.map((rule) => result(rule, row))));
    parts.push(element("h3", "What would change it"), changes(row));
  }
  for (const [section, indices] of data.profile) {
    if (!indices.length) continue;
    const lines = indices.map((index) => {
      const line = element("tr");
      line.append(element("th", columns[index].name, { scope: "row" }), valueCell(columns[index], row));
      return line;
    });
    parts.push(element("h3", section[0].toUpperCase() + section.slice(1)), table("", null, lines));
  }
  document.getElementById("customer-page").replaceChildren(...parts);
  dialog.showModal();
  dialog.scrollTop = 0;
  document.getElementById("customer-name").focus();
}

fillHead();
fill();
document.getElementById("browse").hidden = false;
search.addEventListener("input", () => {
  filter();
  fill();
});
search.addEventListener("focus", searchable, { once: true });
document.getElementById("previous").addEventListener("click", () => turn(-1));
document.getElementById("next").addEventListener("click", () => turn(1));
list.tBodies[0].addEventListener("click", (event) => {
  const line = event.target.closest("tr");
  if (!line || String(getSelection())) return;
  // Closing gives the focus back to where it was.
  line.querySelector("button").focus();
  open(Number(line.dataset.row));
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
