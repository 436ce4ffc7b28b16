"""What every room uses: settings, the lake, contracts and check results as shapes, the clock. It imports no room."""
