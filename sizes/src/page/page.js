"use strict";
// The page of `cargo snug sizes --html`: a list, a treemap, and for the chosen future the bytes of each suspension.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const futures = data.futures;
  const byId = (id) => document.getElementById(id);
  const number = (value) => value === null || value === undefined ? "-" : value.toLocaleString("en");
  const ROW = 26;
  const WIDTH = 900;
  const state = { shown: futures.map((_, index) => index), sort: "size", chosen: -1, search: "" };

  // A colour that a thing keeps: hues that are far apart for numbers that follow each other.
  const colour = (key, light) => `hsl(${(key * 137.508) % 360} 55% ${light}%)`;
  const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

  const element = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const drawn = (tag, properties = {}, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const titled = (text) => {
    const title = drawn("title");
    title.textContent = text;
    return title;
  };
  // Numbers at the left, where they are, as links that a browser of files understands.
  const link = (place) => {
    if (!place) return "";
    const path = place.file.startsWith("/") ? place.file : `${data.root}/${place.file}`;
    return element("a", { href: `file://${encodeURI(path)}#L${place.line}` }, place.text);
  };

  // The list: only the rows that can be seen are there.
  const list = byId("list");
  const rows = byId("rows");
  const drawList = () => {
    rows.style.height = `${state.shown.length * ROW}px`;
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
    const last = Math.min(state.shown.length, first + Math.ceil(list.clientHeight / ROW) + 10);
    const made = [];
    for (let at = first; at < last; at++) {
      const index = state.shown[at];
      const future = futures[index];
      const row = element("div", { class: "row", role: "option", id: `future-${index}`, "data-index": index });
      row.setAttribute("aria-selected", index === state.chosen);
      row.setAttribute("aria-posinset", at + 1);
      row.setAttribute("aria-setsize", state.shown.length);
      row.style.top = `${at * ROW}px`;
      const columns = data.hasStock ? ["size", "own", "stock"] : ["size", "own"];
      for (const column of columns) row.append(element("span", { class: "number" }, number(future[column])));
      row.append(element("span", { class: "label", title: future.type }, future.name));
      made.push(row);
    }
    rows.replaceChildren(...made);
    if (state.chosen >= 0) list.setAttribute("aria-activedescendant", `future-${state.chosen}`);
  };
  const order = () => {
    const wanted = state.search.toLowerCase();
    const fits = (future) => !wanted || future.name.toLowerCase().includes(wanted) || future.type.toLowerCase().includes(wanted);
    state.shown = futures.map((_, index) => index).filter((index) => fits(futures[index]));
    const key = state.sort;
    if (key === "name") state.shown.sort((one, other) => futures[one].name.localeCompare(futures[other].name));
    else state.shown.sort((one, other) => (futures[other][key] ?? 0) - (futures[one][key] ?? 0) || one - other);
    for (const button of document.querySelectorAll("thead button")) {
      button.setAttribute("aria-pressed", button.dataset.sort === key);
    }
    drawList();
  };

  // The treemap: squarified (Bruls, Huizing, van Wijk), so that areas can be compared.
  const squarify = (items, box, place) => {
    let rest = items.filter((item) => item.area > 0);
    let { x, y, width, height } = box;
    const worst = (row, sum, side) => {
      const most = Math.max(...row.map((item) => item.area));
      const least = Math.min(...row.map((item) => item.area));
      return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
    };
    while (rest.length > 0 && width > 1 && height > 1) {
      const side = Math.min(width, height);
      let row = [rest[0]];
      let sum = rest[0].area;
      let count = 1;
      while (count < rest.length) {
        const next = rest[count];
        if (worst([...row, next], sum + next.area, side) > worst(row, sum, side)) break;
        row.push(next);
        sum += next.area;
        count++;
      }
      const thickness = sum / side;
      let along = 0;
      for (const item of row) {
        const length = item.area / thickness;
        if (width >= height) place(item, { x, y: y + along, width: thickness, height: length });
        else place(item, { x: x + along, y, width: length, height: thickness });
        along += length;
      }
      if (width >= height) { x += thickness; width -= thickness; } else { y += thickness; height -= thickness; }
      rest = rest.slice(count);
    }
  };
  const nested = new Set(futures.flatMap((future) => future.inside));
  const drawMap = () => {
    const height = 420;
    const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}` });
    const draw = (indices, box, depth) => {
      const total = indices.reduce((sum, index) => sum + futures[index].size, 0);
      if (total === 0) return;
      const scale = (box.width * box.height) / total;
      const items = indices.map((index) => ({ index, area: futures[index].size * scale }));
      items.sort((one, other) => other.area - one.area);
      squarify(items, box, (item, place) => tile(item.index, place, depth));
    };
    const tile = (index, place, depth) => {
      if (place.width < 3 || place.height < 3) return;
      const future = futures[index];
      const label = `${future.name}, ${number(future.size)} bytes`;
      const group = drawn("g", { role: "button", tabindex: depth === 0 ? 0 : -1, "aria-label": label, "data-index": index });
      if (index === state.chosen) group.setAttribute("aria-current", true);
      const light = (isDark() ? 28 : 78) + depth * (isDark() ? 6 : -6);
      group.append(drawn("rect", { x: place.x, y: place.y, width: place.width, height: place.height, fill: colour(index, light) }));
      group.append(titled(label));
      const room = Math.floor(place.width / 6.2);
      if (room > 4 && place.height > 16) {
        const text = drawn("text", { x: place.x + 4, y: place.y + 13 });
        text.textContent = future.name.length > room ? `${future.name.slice(0, room - 1)}…` : future.name;
        group.append(text);
      }
      svg.append(group);
      const inner = { x: place.x + 3, y: place.y + 18, width: place.width - 6, height: place.height - 21 };
      const share = future.inside.reduce((sum, inside) => sum + futures[inside].size, 0) / Math.max(1, future.size);
      if (depth < 5 && share > 0 && inner.height > 12 && inner.width > 12) {
        // What is its own stays visible at the right.
        draw(future.inside, { ...inner, width: inner.width * Math.min(1, share) }, depth + 1);
      }
    };
    const tops = futures.map((_, index) => index).filter((index) => !nested.has(index)).slice(0, 400);
    draw(tops, { x: 0, y: 0, width: WIDTH, height }, 0);
    byId("map").replaceChildren(svg);
  };

  // The byte map: offsets to the right, suspensions downwards, in the order of the source.
  // Two maps that are compared have one scale: `most` bytes are as wide as there is room.
  const byteMap = (states, size, most, title) => {
    const left = 170;
    const line = 20;
    const scale = (WIDTH - left) / Math.max(1, most);
    const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${states.length * line + 18}`, role: "img", "aria-label": title });
    states.forEach((suspension, row) => {
      const y = row * line;
      const text = drawn("text", { x: 0, y: y + 13 });
      const where = suspension.place ? suspension.place.text : "before it is polled";
      text.textContent = where.length > 28 ? `…${where.slice(-27)}` : where;
      svg.append(text, drawn("rect", { class: "free", x: left, y: y + 1, width: size * scale, height: line - 3 }));
      for (const [item, offset, bytes, label, kept] of suspension.fields) {
        const rect = drawn("rect", { x: left + offset * scale, y: y + 1, width: Math.max(1, bytes * scale), height: line - 3, fill: colour(item + 1, isDark() ? 42 : 66) });
        rect.append(titled(`${label}\n${number(bytes)} bytes at ${number(offset)}${kept ? `\nkept ${kept}` : ""}`));
        svg.append(rect);
        const room = Math.floor((bytes * scale) / 6.2);
        if (room > 3) {
          const name = drawn("text", { x: left + offset * scale + 3, y: y + 13 });
          name.textContent = label.length > room ? `${label.slice(0, room - 1)}…` : label;
          svg.append(name);
        }
      }
    });
    const end = drawn("text", { x: left, y: states.length * line + 12 });
    end.textContent = `0 to ${number(size)} bytes`;
    svg.append(end);
    return svg;
  };
  // The same for those who do not see it, and with the reasons.
  const valueTable = (states) => {
    const table = element("table", {}, element("caption", { class: "hidden" }, "Values at each suspension"));
    const heads = ["suspension", "bytes", "offset", "value", "kept"];
    table.append(element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head))));
    for (const suspension of states) {
      for (const [, offset, bytes, label, kept] of [...suspension.fields].sort((one, other) => other[2] - one[2])) {
        const where = suspension.place ? link(suspension.place) : "before it is polled";
        table.append(element("tr", {}, element("td", {}, where), element("td", { class: "number" }, number(bytes)),
          element("td", { class: "number" }, number(offset)), element("td", {}, label), element("td", {}, kept ?? "")));
      }
    }
    return table;
  };

  const choose = (index) => {
    state.chosen = index;
    const future = futures[index];
    byId("name").textContent = future.name;
    const facts = [`${number(future.size)} bytes`];
    if (future.bound !== null && future.bound !== future.size) facts.push(`no layout can be below ${number(future.bound)}`);
    if (future.stock !== null) facts.push(`stock's has ${number(future.stock)}`);
    if (future.tasks.length > 0) facts.push(`a task by ${future.tasks.join(", ")}`);
    byId("facts").replaceChildren(facts.join("; "), " ", link(future.place));
    const most = Math.max(future.size, future.stock ?? 0);
    const title = `Bytes of ${future.name}`;
    const parts = [element("h3", {}, "Bytes at each suspension"), byteMap(future.states, future.size, most, title)];
    if (future.stockStates) {
      const map = byteMap(future.stockStates, future.stock, most, `${title} with stock's layout`);
      parts.push(element("h3", {}, "With stock's layout"), map);
    }
    parts.push(valueTable(future.states));
    byId("bytes").replaceChildren(...parts);
    drawMap();
    drawList();
  };
  const showRow = (at) => {
    const top = at * ROW;
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
  };

  list.addEventListener("scroll", drawList, { passive: true });
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) choose(Number(row.dataset.index));
  });
  list.addEventListener("keydown", (event) => {
    const at = state.shown.indexOf(state.chosen);
    const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: state.shown.length - 1 };
    if (!(event.key in steps) || state.shown.length === 0) return;
    event.preventDefault();
    const next = Math.min(state.shown.length - 1, Math.max(0, steps[event.key]));
    showRow(next);
    choose(state.shown[next]);
  });
  byId("map").addEventListener("click", (event) => {
    const tile = event.target.closest("[data-index]");
    if (tile) choose(Number(tile.dataset.index));
  });
  byId("map").addEventListener("keydown", (event) => {
    const tile = event.target.closest("[data-index]");
    if (tile && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(Number(tile.dataset.index));
    }
  });
  byId("search").addEventListener("input", (event) => {
    state.search = event.target.value;
    list.scrollTop = 0;
    order();
  });
  for (const button of document.querySelectorAll("thead button")) {
    button.addEventListener("click", () => { state.sort = button.dataset.sort; order(); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== byId("search")) {
      event.preventDefault();
      byId("search").focus();
    }
  });
  addEventListener("resize", drawList);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (state.chosen < 0 ? drawMap() : choose(state.chosen)));
  order();
  if (futures.length > 0) choose(state.shown[0]);
  document.documentElement.dataset.ready = "true";
})();
