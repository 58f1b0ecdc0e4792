// SPDX-License-Identifier: MIT
#error "MSVC has no <unistd.h>"
