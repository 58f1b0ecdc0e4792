// SPDX-License-Identifier: MIT
#error "MSVC has no <netdb.h>"
