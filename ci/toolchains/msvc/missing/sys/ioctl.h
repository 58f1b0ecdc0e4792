// SPDX-License-Identifier: MIT
#error "MSVC has no <sys/ioctl.h>"
