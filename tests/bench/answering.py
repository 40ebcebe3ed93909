"""How long an answer takes to show everywhere: chains of calculations, and rows of a repeat."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench import forms
from tests.bench.phone import BenchPhone, bench_phone, publish
from tests.bench.result import Result
from tests.servers import running_server

CHAINS = (5, 25, 100)
CHANGES = 40
#: Times that the repeat is filled from nothing.
ROSTERS = 7
ROWS = (10, 30, 60)

NAMES = tuple(
    f"{name}{slow}_{unit}"
    for slow in ("", "_6x")
    for name, unit in (
        *((f"change_chain{length}{part}", "ms") for length in CHAINS for part in ("", "_p95")),
        *((f"repeat_add{row}", "ms") for row in ROWS),
        ("heap_60_rows", "mb"),
    )
)

#: Types one number after another, and gives the milliseconds from each to the page holding the right total, laid out.
TYPE = """
async ([count, length]) => {
  const control = document.querySelector('.question input')
  const page = document.querySelector('.fill__main')
  const times = []
  for (let n = 1; n <= count; n++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 5)))
    const before = performance.now()
    control.value = String(n * 7)
    control.dispatchEvent(new InputEvent('input', { bubbles: true, data: '7', inputType: 'insertText' }))
    const total = `Total: ${n * 7 + length}`
    while (!page.textContent.includes(total)) {
      if (performance.now() - before > 5000) throw new Error(`never ${total}`)
      await new Promise((resolve) => setTimeout(resolve))
    }
    page.getBoundingClientRect()
    times.push(performance.now() - before)
  }
  return times
}
"""

#: Adds a row, and gives the milliseconds until its first question has the focus and is painted.
ADD_ROW = """
async () => {
  let button
  while (!(button = document.querySelector('.repeat-add button'))) await new Promise((resolve) => setTimeout(resolve, 5))
  const earlier = document.activeElement
  const before = performance.now()
  button.click()
  const hasCome = () => document.activeElement !== earlier && document.activeElement.matches('.question :is(input, textarea)')
  while (!hasCome()) {
    if (performance.now() - before > 5000) throw new Error('the row never came')
    await new Promise((resolve) => setTimeout(resolve))
  }
  await new Promise((resolve) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0) }))
  return performance.now() - before
}
"""


def measure_answering() -> Iterator[Result]:
    """Medians and 95th percentiles at the machine's speed and slowed six times."""
    with tempfile.TemporaryDirectory() as folder, running_server("sqlite", Path(folder)) as server:
        chains = {length: publish(server, forms.chain(length), f"chain{length}") for length in CHAINS}
        roster = publish(server, forms.roster(), "roster")
        with bench_phone(server) as phone:
            for times, suffix in ((1, ""), (6, "_6x")):
                phone.slow_down(times)
                for length, form_id in chains.items():
                    yield from measure_chain(phone, form_id, length, suffix)
                yield from measure_rows(phone, roster, suffix)


def measure_chain(phone: BenchPhone, form_id: str, length: int, suffix: str) -> Iterator[Result]:
    """A change at the head of a chain until its end is on the page."""
    phone.open(form_id)
    times = sorted(phone.page.evaluate(TYPE, [CHANGES, length]))
    yield Result(f"change_chain{length}{suffix}_ms", round(median(times), 1), "ms", CHANGES)
    yield Result(f"change_chain{length}_p95{suffix}_ms", round(times[int(0.95 * len(times))], 1), "ms", CHANGES)


def measure_rows(phone: BenchPhone, form_id: str, suffix: str) -> Iterator[Result]:
    """The tenth, thirtieth and sixtieth row of thirteen questions, with the whole form on one page as the peers show it."""
    phone.show_whole_forms()
    times: dict[int, list[float]] = {row: [] for row in ROWS}
    heaps = []
    for _ in range(ROSTERS):
        phone.open(form_id)
        for row in range(1, max(ROWS) + 1):
            milliseconds = phone.page.evaluate(ADD_ROW)
            if row in times:
                times[row].append(milliseconds)
        heaps.append(phone.heap_mb())
    for row, measured in times.items():
        yield Result(f"repeat_add{row}{suffix}_ms", round(median(measured), 1), "ms", len(measured))
    yield Result(f"heap_60_rows{suffix}_mb", round(median(heaps), 1), "MB", len(heaps))
