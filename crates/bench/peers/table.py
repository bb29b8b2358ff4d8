"""The tables the comparison prints."""

from statistics import median

MEASURES = [("wall", "s", 2), ("cpu", "s", 2), ("memory", "MB", 0)]


def costs(rounds):
    """Median cost of every engine; rounds holds per round the cost by engine."""
    lines = ["| engine | wall (s) | CPU (s) | peak memory (MB) |", "|---|---:|---:|---:|"]
    for engine in rounds[0]:
        cells = [f"{median(getattr(r[engine], name) for r in rounds):.{places}f}" for name, _, places in MEASURES]
        lines.append(f"| {engine} | {' | '.join(cells)} |")
    return "\n".join(lines)


def ratios(rounds, ours="accolade"):
    """Median over the rounds of ours / peer within the same round, with the least and the greatest."""
    lines = [f"| {ours} / peer | wall | CPU | peak memory |", "|---|---:|---:|---:|"]
    for peer in rounds[0]:
        if peer == ours:
            continue
        cells = []
        for name, _, _ in MEASURES:
            paired = sorted(getattr(r[ours], name) / getattr(r[peer], name) for r in rounds)
            cells.append(f"{median(paired):.2f} ({paired[0]:.2f} to {paired[-1]:.2f})")
        lines.append(f"| {peer} | {' | '.join(cells)} |")
    return "\n".join(lines)
