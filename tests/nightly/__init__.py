"""What takes longer than everybody wants to wait: only by ``make nightly``, which sets SHOUWANG_NIGHTLY."""
