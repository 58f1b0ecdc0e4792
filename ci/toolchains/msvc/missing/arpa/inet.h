// SPDX-License-Identifier: MIT
#error "MSVC has no <arpa/inet.h>"
