/// The script of the report, which is embedded in the page so that it needs no network. Without it, the page lacks only sorting,
/// hiding, and values near the pointer.
enum ReportScript {
  /// The script. Texts of the page are only ever set as text.
  static let text = [helpers, sorting, toggles, values, printing].joined(separator: "\n")

  private static let helpers = """
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    """

  /// Sorts a table by the column whose header is pressed, using `data-value` as the sort key.
  private static let sorting = """
    for (const table of all("table.sortable")) {
      const heads = all("thead th", table);
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const down = head.getAttribute("aria-sort") !== "descending";
          heads.forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
          const value = row => row.cells[column].dataset.value ?? "";
          const rows = [...table.tBodies[0].rows].sort((a, b) => {
            const [x, y] = [value(a), value(b)];
            const order = x === "" || y === "" || isNaN(x) || isNaN(y) ? String(x).localeCompare(y) : x - y;
            return down ? -order : order;
          });
          table.tBodies[0].append(...rows);
        });
      });
    }
    """

  /// Shows and hides a method in all charts and details.
  private static let toggles = """
    for (const bar of all(".toggles")) bar.hidden = false;
    for (const button of all(".toggles button")) {
      button.addEventListener("click", () => {
        const hides = button.getAttribute("aria-pressed") === "true";
        for (const element of all("[data-method]")) {
          if (element.dataset.method !== button.dataset.method) continue;
          if (element.matches("button")) element.setAttribute("aria-pressed", String(!hides));
          else element.classList.toggle("off", hides);
        }
      });
    }
    """

  /// Shows the values of the point near the pointer, or of the one that the arrow keys select.
  private static let values = """
    for (const plot of all(".plot")) {
      const svg = plot.querySelector("svg");
      const marks = all(".mark", svg).map(mark => {
        const box = mark.getBBox();
        const title = mark.querySelector("title");
        const text = title.textContent;
        title.remove();  // or else the browser would show it, too
        return { group: mark.closest("g"), x: box.x + box.width / 2, y: box.y + box.height / 2, text };
      });
      if (marks.length === 0) continue;
      const tip = document.createElement("div");
      tip.className = "tip";
      tip.setAttribute("role", "status");
      tip.hidden = true;
      plot.append(tip);
      const ring = document.createElementNS(svg.namespaceURI, "circle");
      ring.setAttribute("class", "ring off");
      ring.setAttribute("r", 8);
      svg.append(ring);
      plot.tabIndex = 0;
      plot.setAttribute("role", "group");
      plot.setAttribute("aria-label", `${plot.dataset.name}: the arrow keys read the values`);
      let current = null;
      const shown = () => marks.filter(mark => !mark.group.classList.contains("off"));
      const closest = (list, distance) =>
        list.reduce((best, mark) => best && distance(best) <= distance(mark) ? best : mark, null);
      const show = mark => {
        current = mark;
        tip.hidden = !mark;
        ring.classList.toggle("off", !mark);
        if (!mark) return;
        ring.setAttribute("cx", mark.x);
        ring.setAttribute("cy", mark.y);
        tip.textContent = mark.text;
        const scale = svg.clientWidth / svg.viewBox.baseVal.width;
        tip.style.left = `${Math.max(0, Math.min(mark.x * scale - tip.offsetWidth / 2, plot.clientWidth - tip.offsetWidth))}px`;
        const above = mark.y * scale - tip.offsetHeight - 12;
        tip.style.top = `${above < 0 ? mark.y * scale + 14 : above}px`;
      };
      plot.addEventListener("pointermove", event => {
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        const distance = mark => Math.hypot(mark.x - at.x, mark.y - at.y);
        const mark = closest(shown(), distance);
        show(mark && distance(mark) < 40 ? mark : null);
      });
      plot.addEventListener("pointerleave", () => show(null));
      plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) show(current ?? shown()[0] ?? null); });
      plot.addEventListener("blur", () => show(null));
      plot.addEventListener("keydown", event => {
        if (event.key === "Escape") return show(null);
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
        const list = shown();
        if (!step || list.length === 0) return;
        event.preventDefault();
        const mark = list.includes(current) ? current : list[0];
        const own = list.filter(other => other.group === mark.group);
        const groups = [...new Set(list.map(other => other.group))];
        if (own.length > 1 && event.key.match(/Left|Right/)) return show(own[own.indexOf(mark) + step] ?? mark);
        const group = groups[(groups.indexOf(mark.group) + step + groups.length) % groups.length];
        show(closest(list.filter(other => other.group === group), other => Math.abs(other.x - mark.x)));
      });
    }
    """

  /// Opens the configurations while the page is printed, for browsers whose style sheets can't.
  private static let printing = """
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = all(".configurations details:not([open])");
      for (const details of opened) details.open = true;
    });
    addEventListener("afterprint", () => { for (const details of opened) details.open = false; });
    """
}
