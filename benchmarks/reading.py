"""How soon a page of the book can be read, how much it moves, and what it weighs."""

import functools
import http.server
import statistics
import sys
import threading
from pathlib import Path

TITLE = "Reading"
SITE = Path(__file__).resolve().parent.parent / "_build" / "html"
PAGES = {
    "first page": "book/index.html",
    "Section V": "book/05_energy.html",
    "Explore": "book/explore.html",
}
REPEAT = 5
# The phone that Lighthouse takes for granted: four times slower, 1.6 Mbit/s, 150 ms away.
PHONE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4
OBSERVE = """
    window.shift = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""
READ = """async () => {
    await window.MathJax?.startup?.promise;
    await new Promise(resolve => setTimeout(resolve, 500));
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const parts = [...performance.getEntriesByType("navigation"),
                   ...performance.getEntriesByType("resource")];
    return {paint: paint.startTime / 1000, shift,
            bytes: parts.reduce((sum, part) => sum + part.transferSize, 0)};
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def load(browser, address, phone):
    """Open a page with an empty cache and return what the browser measured."""
    context = browser.new_context(viewport={"width": 375 if phone else 1300, "height": 812})
    context.set_default_timeout(120_000)
    context.add_init_script(OBSERVE)
    tab = context.new_page()
    if phone:
        session = context.new_cdp_session(tab)
        session.send("Network.emulateNetworkConditions", PHONE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tab.goto(address, wait_until="load")
    measured = tab.evaluate(READ)
    context.close()
    return measured


def middle(browser, address, *, phone):
    """Return the medians of several loads, each with an empty cache."""
    loads = [load(browser, address, phone) for _ in range(REPEAT)]
    return {key: statistics.median(one[key] for one in loads) for key in loads[0]}


def page(browser, root, name):
    """Rows of one page: first paint, what moves afterwards, and its weight."""
    address = f"{root}/{PAGES[name]}"
    wide, narrow = middle(browser, address, phone=False), middle(browser, address, phone=True)
    phone = "a phone, 4 times slower, on 1.6 Mbit/s"
    yield f"{name}: first paint", f"{wide['paint']:.2f} s", phone, f"{narrow['paint']:.2f} s", ""
    yield f"{name}: layout shift", f"{wide['shift']:.3f}", phone, f"{narrow['shift']:.3f}", ""
    yield f"{name}: sent with an empty cache", f"{wide['bytes'] / 1e6:.2f} MB", "", "", ""


def rows():
    """All rows: what, ours, on a phone, its figure."""
    from edition.browser import chromium

    if not (SITE / "index.html").is_file():
        sys.exit("The site must be built first: run `make book`.")
    handler = functools.partial(Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with chromium() as browser:
            for name in PAGES:
                yield from page(browser, f"http://127.0.0.1:{server.server_port}", name)
        server.shutdown()
