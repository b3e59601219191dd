"""A synthetic plating cooperative: invented factories, and the files that such factories would really send.

Nothing here was measured in a factory. The process follows textbook rules of thumb for Watts nickel baths with invented
weights; the habits of writing follow what Korean shops, MES and ERP exports look like. Every file says that it is
synthetic: in its name, in a workbook's properties and in the README beside it.
"""
