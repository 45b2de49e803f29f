/** Stands for the package `react-bootstrap` in the bundle. */
import { stash } from '../api.ts';

export const { Alert, Badge, Button, ButtonGroup, Card, Form, Modal, Nav, ProgressBar, Spinner, Tab, Table } =
  stash().libraries.Bootstrap;
