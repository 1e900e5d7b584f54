"""What only TimescaleDB can show: the migrations make hypertables where the extension is."""
