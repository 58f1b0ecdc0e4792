// SPDX-License-Identifier: MIT
#error "MSVC has no <netinet/in.h>"
