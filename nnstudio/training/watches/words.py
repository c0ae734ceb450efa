"""What a watch has seen, in words."""

from .observer import Observer


def said(observer: Observer) -> str:
    """The worst reading beside its threshold: mean |∂J/∂W| in layer 1 = 3.2e-09 (< 1e-07)."""
    worst = observer.worst
    if worst is None:
        return observer.watch.title
    measured = worst.measured
    threshold, level = observer.watch.thresholds[measured.threshold], observer.levels[measured.threshold]
    where = f" in layer {measured.layer}" if measured.layer is not None else ""
    running = f", {threshold.running} times running" if threshold.running > 1 else ""
    number = f"= {measured.value:.4g}{threshold.sign}"
    return (
        f"{observer.watch.title}: {threshold.what}{where} {number} "
        f"({threshold.side} {level:.4g}{threshold.sign}{running})"
    )
