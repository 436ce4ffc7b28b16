"""What tests of several tiers share: homes, servers and lakes to test on."""
