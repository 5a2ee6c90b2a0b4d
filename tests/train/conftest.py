"""Networks of tests are small: threads would only wait for each other, long where the machine has other work."""

import torch

torch.set_num_threads(1)
