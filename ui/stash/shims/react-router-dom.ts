/** Stands for the package `react-router-dom` in the bundle. */
import { stash } from '../api.ts';

export const { Link, NavLink, useHistory, useLocation } = stash().libraries.ReactRouterDOM;
