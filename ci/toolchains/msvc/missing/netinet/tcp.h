// SPDX-License-Identifier: MIT
#error "MSVC has no <netinet/tcp.h>"
