"""Networks: one readable file each, with its settings above it. torch is imported here and in train only."""
