// SPDX-License-Identifier: MIT
#error "MSVC has no <poll.h>"
