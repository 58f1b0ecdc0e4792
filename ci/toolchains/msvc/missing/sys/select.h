// SPDX-License-Identifier: MIT
#error "MSVC has no <sys/select.h>"
