// SPDX-License-Identifier: MIT
#error "MSVC has no <getopt.h>"
