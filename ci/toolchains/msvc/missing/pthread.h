// SPDX-License-Identifier: MIT
#error "MSVC has no <pthread.h>"
