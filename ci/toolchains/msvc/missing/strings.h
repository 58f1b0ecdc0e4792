// SPDX-License-Identifier: MIT
#error "MSVC has no <strings.h>"
